"""What an edition says: stories, topics, selection, composition. Pure."""
