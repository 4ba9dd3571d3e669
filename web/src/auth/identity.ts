/** What the page needs of a user pool, so that a test can stand in for it. */

/** What the pool wants next after a name and password. */
export type NextStep = "done" | "new-password" | "code";

export interface Identity {
  signIn(name: string, password: string): Promise<NextStep>;
  /** Answers the step that was asked for: a new password, or the code of an authenticator app. */
  answer(value: string): Promise<NextStep>;
  signOut(): Promise<void>;
  /** The current ID token, refreshed when it is about to expire; empty when nobody is signed in. */
  token(force?: boolean): Promise<string>;
}

/** The user pool did not accept what was typed; the message is for the person. */
export class SignInRefused extends Error {
  override name = "SignInRefused";
}
