"""The second factors of experts: codes of an authenticator app, recovery codes, passkeys."""
