"""What the pages may do in a browser: use this server and nothing else.

No script but our files runs, no other site frames the pages or is told where a reader came from.
"""

from __future__ import annotations

# The one constant <style> that static/vendor/wavesurfer.js puts into its shadow root, for the height that
# static/ui/waveform.js draws. Any other style in a text is refused.
_WAVEFORM_STYLE = "sha256-7Wn/5ghbhb9U5yM332FZpa4jDUilNGJdZ87eJ6XZFBA="


def content_security_policy(store_origin: str | None = None) -> str:
    """The policy. store_origin: of the store that hands out files itself, `https://host`."""
    store = "" if store_origin is None else f" {store_origin}"
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            f"style-src 'self' '{_WAVEFORM_STYLE}'",
            f"img-src 'self' blob: data:{store}",
            f"media-src 'self' blob:{store}",
            f"connect-src 'self'{store}",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        )
    )


def page_headers(store_origin: str | None = None) -> dict[str, str]:
    """The headers of the pages and of their files."""
    return {
        "content-security-policy": content_security_policy(store_origin),
        "permissions-policy": "camera=(self), microphone=(self), geolocation=(), payment=(), usb=()",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }
