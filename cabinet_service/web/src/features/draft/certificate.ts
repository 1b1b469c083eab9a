/** What is printed on a Russian registration certificate, in whatever language it is looked at. */

import type { IdentifierKind } from "../../api/client";

export const TITLE = "СВИДЕТЕЛЬСТВО О РЕГИСТРАЦИИ ТС";

export const ROWS: readonly { name: string; value: string; kind?: IdentifierKind }[] = [
  { name: "Регистрационный знак", value: "А 123 ВС 77", kind: "plate" },
  { name: "Идентификационный номер (VIN)", value: "X7L4SRAV0C0123456", kind: "vin" },
  { name: "Марка, модель", value: "LADA VESTA" },
  { name: "Год выпуска ТС", value: "2019" },
  { name: "Кузов (кабина, прицеп) №", value: "GX100-6012345", kind: "frame" },
];
