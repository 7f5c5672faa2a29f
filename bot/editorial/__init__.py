"""Decides the content of an edition: stories, topics, selection and composition. All functions are pure."""
