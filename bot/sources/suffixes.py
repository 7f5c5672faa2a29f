"""What files are, by their names' ends. Nothing is imported here, so that asking is cheap."""

HTML = (".html", ".htm")
MAIL = (".eml",)
PDF = (".pdf",)
WORD_DOCUMENTS = (".docx",)
BOOKS = (".epub",)
PICTURES = (".png", ".jpg", ".jpeg")
PAGES_WITH_PLACES = (*PDF, *PICTURES)  # whose lines have places and sizes
