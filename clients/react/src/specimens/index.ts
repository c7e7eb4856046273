export { SPECIMENS, STREAMED } from "./gen/specimens.js";
export type { SpecimensProps } from "./Specimens.js";
export { Specimens } from "./Specimens.js";
export type { Specimen } from "./specimen.js";
