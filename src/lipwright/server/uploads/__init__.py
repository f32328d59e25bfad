"""Files that come in: uploads and the names under which requests mention them."""
