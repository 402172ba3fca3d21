-- Facts about secrets of outside systems (15) are asked for with those about people, devices and passkeys.
DROP INDEX event_of_register;
CREATE INDEX event_of_register ON event (position) WHERE kind IN (11, 12, 14, 15);
