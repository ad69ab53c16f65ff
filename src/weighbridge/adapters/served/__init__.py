"""Models asked over HTTP, where the user names the server."""
