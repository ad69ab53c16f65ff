"""What people read of a weighing: page, Markdown and record. Values in, text out."""
