// The types of htm-preact.js, for the type check only: htm, Preact and its hooks in one module.
export { h, render, Component, createContext } from "preact";
export * from "preact/hooks";
export function html(strings: TemplateStringsArray, ...values: unknown[]): any;
