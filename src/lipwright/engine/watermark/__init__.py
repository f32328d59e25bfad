"""The imperceptible mark by which a video of ours is recognised, in planes of luma."""
