/**
 * An objection while it is written: kept on the phone, with the version of the answer that was read when it was begun.
 * The words are about that one, also once there is a newer; the server refuses what is about an earlier.
 */

import type { Decision } from "../../api/client";
import type { Answer, Photo } from "../../drafts/database";
import { drafts } from "../../drafts/drafts.svelte";

type Read = Pick<Decision, "version" | "findings">;

export class Objection {
  /** Of what was begun on this page, and may not be on the disk yet. */
  private begun = $state<number>();

  constructor(
    readonly inspectionId: string,
    private readonly newest: () => Read,
  ) {}

  get key(): string {
    return `dispute ${this.inspectionId}`;
  }

  get kept(): Answer | undefined {
    return drafts.answers.find((one) => one.taskId === this.key);
  }

  get photos(): Photo[] {
    return drafts.photos.filter((one) => one.held === this.key);
  }

  /** What it is about: nothing but a word of the person's changes that. */
  get version(): number {
    return this.kept?.of?.version ?? this.begun ?? this.newest().version;
  }

  get isOutdated(): boolean {
    return this.version !== this.newest().version;
  }

  /** Of an answer that was amended meanwhile those that are still in it. */
  get doubted(): string[] {
    const of = this.kept?.of;
    const before = of?.kind === "dispute" ? of.findings : [];
    return this.newest().findings.map((one) => one.finding_id).filter((one) => before.includes(one));
  }

  async write(text: string): Promise<void> {
    const writing = drafts.write(this.key, this.inspectionId, text);
    await this.begin();
    await writing;
  }

  /** It begins with the first letter, photo or finding. */
  async begin(): Promise<void> {
    if (this.kept?.of || this.begun !== undefined) return;
    this.begun = this.newest().version;
    await this.put({ of: this.about([]) });
  }

  async doubt(id: string, doubts: boolean): Promise<void> {
    const { doubted, version } = this;
    this.begun ??= version;
    await this.put({ of: this.about(doubts ? [...doubted, id] : doubted.filter((one) => one !== id)) });
  }

  /** The person has read the newest answer, and objects to that. */
  async goOn(): Promise<void> {
    const { doubted } = this;
    this.begun = this.newest().version;
    await this.put({ of: this.about(doubted, this.begun), problem: null });
  }

  /** It goes out by itself from here on, the photos first: also after a cut or a reload. */
  async send(): Promise<void> {
    for (const { id, state } of this.photos) if (state === "held") await drafts.changePhoto(id, { state: "kept" });
    await this.put({ text: (this.kept?.text ?? "").trim(), of: this.about(this.doubted), state: "sending", problem: null });
  }

  async discard(): Promise<void> {
    for (const { id } of this.photos) await drafts.removePhoto(id);
    await drafts.removeAnswer(this.key);
    this.begun = undefined;
  }

  private about(findings: string[], version = this.version) {
    return { kind: "dispute", version, findings } as const;
  }

  private put(written: Partial<Answer>): Promise<void> {
    return drafts.answer(this.key, this.inspectionId, written);
  }
}
