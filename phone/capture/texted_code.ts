/**
 * Fills in the code of the text message that came for this page (WebOTP), once its reader allows the browser to look.
 * Where a browser cannot, its keyboard offers the code, and typing it works everywhere.
 */
export type TextedCode = Credential & { code: string };

const field = document.querySelector<HTMLInputElement>("input[autocomplete='one-time-code']");
if (field?.form && "OTPCredential" in window) void fillIn(field, field.form);

async function fillIn(field: HTMLInputElement, form: HTMLFormElement): Promise<void> {
  const typed = new AbortController();
  form.addEventListener("submit", () => typed.abort());
  const wanted = { otp: { transport: ["sms"] }, signal: typed.signal } as CredentialRequestOptions;
  const came = (await navigator.credentials.get(wanted).catch(() => null)) as TextedCode | null;
  if (!came || field.value) return; // what somebody is typing stays theirs
  field.value = came.code;
  form.requestSubmit();
}
