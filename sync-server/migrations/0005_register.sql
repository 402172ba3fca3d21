-- Facts about people (11), devices (12) and passkeys (14) are few among many, and are asked for by themselves.
CREATE INDEX event_of_register ON event (position) WHERE kind IN (11, 12, 14);
