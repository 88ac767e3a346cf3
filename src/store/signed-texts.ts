import { readSignedText, signText } from '../secrets/signed-text';
import type { Database } from './database';
import type { SignedTexts } from './store';
import type { Vault } from './vault';

/** Texts that are signed with a key which follows from the one that seals. */
export class StoredSignedTexts implements SignedTexts {
  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
  ) {}

  async sign(purpose: string, text: string): Promise<string> {
    return signText(await this.vault.purposeKey(this.database.reader, purpose), text);
  }

  async read(purpose: string, signed: string): Promise<string | undefined> {
    return readSignedText(await this.vault.purposeKey(this.database.reader, purpose), signed);
  }
}
