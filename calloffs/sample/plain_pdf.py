"""A whole PDF of one page and a few words, for a sample document that nobody has to draw."""


def plain_pdf(title: str, words: str) -> bytes:
    """A PDF with a heading and one line, in a standard font. Letters outside Latin-1 become question marks."""

    def text(size: int, height: int, line: str) -> str:
        safe = line.encode("latin-1", "replace").decode("latin-1")
        for mark in ("\\", "(", ")"):
            safe = safe.replace(mark, f"\\{mark}")
        return f"BT /F1 {size} Tf 60 {height} Td ({safe}) Tj ET\n"

    stream = (text(18, 760, title) + text(11, 730, words)).encode("latin-1")
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(parts) + 1
    tail = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return body + tail % (count, table, count, len(body))
