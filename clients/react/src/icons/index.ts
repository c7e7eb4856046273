export type { IconProps, IconResolver } from "./Icon.js";
export { Icon, IconProvider, isBuiltInIcon } from "./Icon.js";
