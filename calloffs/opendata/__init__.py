"""What a council publishes under the transparency code: the register of contracts and its spend. It reads everything and changes no figure."""
