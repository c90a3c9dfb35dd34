"""What is kept and how: the database, the audit records, documents, messages and settings."""
