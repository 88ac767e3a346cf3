/** RFC 5321's longest path, less its angle brackets. Characters. */
const MAX_ADDRESS_LENGTH = 254;

/** The local part and the domain, without whatever would need quoting: those forms serve attacks more than people. */
const ADDRESS = /^[^\s\p{C}@<>()[\]",:;\\]+@[^\s\p{C}@<>()[\]",:;\\]+$/u;

/** Whether a text is `local@domain`, in the one form that rules and mail both accept. */
export function isMailAddress(text: string): boolean {
  return text.length <= MAX_ADDRESS_LENGTH && ADDRESS.test(text);
}
