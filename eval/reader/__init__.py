"""What the reader was trained on, and how."""
