"""Resumable uploads of photos, by the tus protocol: a bad line costs the bytes of one part, not the photo."""
