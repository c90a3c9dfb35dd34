"""The ground floor's doors: thin views that read a form, call an action and answer."""
