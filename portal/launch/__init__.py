"""Starting the portal: web server, worker, or both with everything prepared."""
