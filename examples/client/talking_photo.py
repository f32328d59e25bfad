"""Make a picture speak on a server. The address and the key come from the environment."""

from lipwright import Client

with Client() as client:
    video = client.v1.ai_talking_photo.generate(
        assets={"image_file_path": "me.jpg", "audio_file_path": "words.wav"},
        start_seconds=0,
        end_seconds=1,
        output_path="me.mp4",
    )

print(video.id, f"{video.width}x{video.height}", video.credits_charged, "credits")
