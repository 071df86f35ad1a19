"""Messages to people inside the portal."""
