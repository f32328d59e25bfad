"""Make several videos at once; the server does as many at a time as it has workers."""

import asyncio
from typing import Literal

from lipwright import AsyncClient


async def main() -> None:
    async with AsyncClient() as client:
        picture = await client.v1.files.upload_file("me.jpg")
        sound = await client.v1.files.upload_file("words.wav")

        async def make(name: str, mode: Literal["realistic", "prompted"]) -> None:
            await client.v1.ai_talking_photo.generate(
                assets={"image_file_path": picture, "audio_file_path": sound},
                start_seconds=0,
                end_seconds=1,
                style={"generation_mode": mode},
                output_path=f"{name}.mp4",
            )

        await asyncio.gather(make("calm", "realistic"), make("lively", "prompted"))


asyncio.run(main())
