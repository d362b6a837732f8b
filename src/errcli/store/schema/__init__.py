"""The store's schema: numbered `.sql` files, applied once each, in order."""
