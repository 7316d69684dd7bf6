"""From a brief to what people and programs read: JSON, Markdown, the terminal."""
