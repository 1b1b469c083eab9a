"""Who a client is: contacts, sign-in by code, sessions, companies and their members."""
