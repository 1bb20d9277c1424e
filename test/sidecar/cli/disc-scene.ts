/** A red disc of radius 60 on green, with a hole of radius 20. */
export const SCENE = `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="240">
  <rect width="320" height="240" fill="#3a6b35"/>
  <circle cx="150" cy="120" r="60" fill="#c8322b"/>
  <circle cx="150" cy="120" r="20" fill="#3a6b35"/></svg>`;
