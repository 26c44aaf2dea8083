"""One file per room of the desk."""
