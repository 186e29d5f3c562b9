"""What runs off the GUI thread: loading, refining, thumbnails, exporting."""
