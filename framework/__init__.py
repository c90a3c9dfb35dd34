"""The ground floor: framework agreements, and the definitions everything above speaks in."""
