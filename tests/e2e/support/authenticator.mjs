// A person's authenticator, made of Chromium's own virtual one.
//
// In: a page. Out: a browser that has passkeys as a laptop with a finger reader has them. Must not: sign anything by itself;
// only the page can ask it, as the browser lets it.

const BUILT_IN = {
  protocol: "ctap2",
  transport: "internal",
  hasResidentKey: true,
  hasUserVerification: true,
  isUserVerified: true,
  automaticPresenceSimulation: true,
};

/** Gives a page's browser an authenticator, with the passkeys of others in it. */
export async function authenticator(page, passkeys = []) {
  const line = await page.context().newCDPSession(page);
  await line.send("WebAuthn.enable");
  const { authenticatorId } = await line.send("WebAuthn.addVirtualAuthenticator", { options: BUILT_IN });
  for (const credential of passkeys) {
    await line.send("WebAuthn.addCredential", { authenticatorId, credential });
  }
  return {
    /** The passkeys in it, as a person's other devices would have them. */
    async passkeys() {
      const { credentials } = await line.send("WebAuthn.getCredentials", { authenticatorId });
      return credentials;
    },
    /** Whether the person can be recognised: a wrong finger is nobody's. */
    recognises(who) {
      return line.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: who });
    },
  };
}
