"""Show how far a job is, give up after ten minutes, and say what went wrong."""

import sys

from lipwright import Client
from lipwright_client import ApiError, ConnectionFailed, JobFailed, Progress, UnusableFile, WaitLimitReached


def show(progress: Progress) -> None:
    share = "" if progress.fraction is None else f" {progress.fraction:.0%}"
    print(f"{progress.phase}{share}", file=sys.stderr)


with Client(wait_limit_s=600) as client:
    try:
        client.v1.ai_talking_photo.generate(
            assets={"image_file_path": sys.argv[1], "audio_file_path": "words.wav"},
            start_seconds=0,
            end_seconds=1,
            output_path="me.mp4",
            on_progress=show,
        )
    except UnusableFile as error:
        sys.exit(f"Cannot upload: {error}")
    except JobFailed as error:
        sys.exit(f"{error.code}: {error.message}")
    except WaitLimitReached as error:
        client.v1.video_projects.cancel(error.project.id)
        sys.exit("That took too long; the job was stopped.")
    except ApiError as error:
        sys.exit(f"The server refused ({error.status_code}): {error.message}")
    except ConnectionFailed as error:
        sys.exit(str(error))
