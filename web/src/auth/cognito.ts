/** The user pool, through Amplify's SRP sign-in: the password itself never leaves the page. */

import { Amplify, ConsoleLogger } from "@aws-amplify/core";
import { confirmSignIn, fetchAuthSession, signIn, signOut, type SignInOutput } from "@aws-amplify/auth";
import { cognitoUserPoolsTokenProvider } from "@aws-amplify/auth/cognito";

import { ConnectionLost } from "@/api/problems";
import type { PageConfig } from "@/config";
import { t } from "@/lib/i18n";
import { SignInRefused, type Identity, type NextStep } from "./identity";

const STEPS: Record<string, NextStep> = {
  DONE: "done",
  CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED: "new-password",
  CONFIRM_SIGN_IN_WITH_TOTP_CODE: "code",
};

const REFUSALS: Record<string, string> = {
  NotAuthorizedException: t("session.wrong"),
  UserNotFoundException: t("session.wrong"),
  InvalidPasswordException: t("session.weak"),
  CodeMismatchException: t("session.wrongCode"),
  PasswordResetRequiredException: t("session.resetRequired"),
  TooManyRequestsException: t("session.tooMany"),
  LimitExceededException: t("session.tooMany"),
};

const SIGNED_OUT = new Set(["NotAuthorizedException", "UserUnAuthenticatedException", "TokenRevokedException"]);

export function connect(config: PageConfig): Identity {
  const Auth = {
    Cognito: {
      userPoolId: config.userPoolId,
      userPoolClientId: config.clientId,
      ...(config.cognitoEndpoint ? { userPoolEndpoint: config.cognitoEndpoint } : {}),
    },
  };
  // It warns of every endpoint that is not AWS's own; whatever matters comes as an error.
  ConsoleLogger.LOG_LEVEL = "ERROR";
  cognitoUserPoolsTokenProvider.setAuthConfig(Auth);
  Amplify.configure({ Auth }, { Auth: { tokenProvider: cognitoUserPoolsTokenProvider } });
  return {
    signIn: async (name, password) => {
      await signOut();
      return step(() => signIn({ username: name, password, options: { authFlowType: "USER_SRP_AUTH" } }));
    },
    answer: (value) => step(() => confirmSignIn({ challengeResponse: value })),
    signOut: () => signOut(),
    token,
  };
}

async function step(attempt: () => Promise<SignInOutput>): Promise<NextStep> {
  try {
    const { nextStep } = await attempt();
    const next = STEPS[nextStep.signInStep];
    if (!next) throw new SignInRefused(t("session.unsupportedStep"));
    return next;
  } catch (error) {
    throw translated(error);
  }
}

async function token(force = false): Promise<string> {
  try {
    const session = await fetchAuthSession({ forceRefresh: force });
    return session.tokens?.idToken?.toString() ?? "";
  } catch (error) {
    if (error instanceof Error && SIGNED_OUT.has(error.name)) return "";
    throw translated(error);
  }
}

function translated(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if (error.name === "NetworkError") return new ConnectionLost({ cause: error });
  const words = REFUSALS[error.name];
  return words ? new SignInRefused(words, { cause: error }) : error;
}
