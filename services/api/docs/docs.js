// Renders /openapi.json. Text only ever enters the page as text nodes.
"use strict";

const words = {
  zh: { parameters: "参数", body: "请求内容", answers: "返回", name: "名称", in: "位置", type: "类型", about: "说明", required: "必填", status: "状态", other: "其他", who: "可调用",
    public: "所有人", member: "已登录", enterprise: "企业", provider: "服务商", district_officer: "区县经办", city_officer: "市级经办", finance: "财政", auditor: "审计", operator: "运维",
    failed: "无法读取 /openapi.json", toggle: "English" },
  en: { parameters: "Parameters", body: "Request body", answers: "Answers", name: "Name", in: "In", type: "Type", about: "Notes", required: "required", status: "Status", other: "Other", who: "Who may call",
    public: "anyone", member: "any member", enterprise: "enterprise", provider: "provider", district_officer: "district officer", city_officer: "city officer", finance: "finance", auditor: "auditor", operator: "operator",
    failed: "/openapi.json cannot be read", toggle: "中文" },
};
const methods = ["get", "post", "put", "patch", "delete"];
let lang = (navigator.language || "zh").toLowerCase().startsWith("zh") ? "zh" : "en";
let doc = null;

const t = (key) => words[lang][key] || key;

function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) node.setAttribute(name, value);
  node.append(...children.filter((c) => c !== null && c !== undefined));
  return node;
}

const nameOf = (ref) => ref.split("/").pop();
const resolve = (schema) => (schema && schema.$ref ? doc.components.schemas[nameOf(schema.$ref)] || {} : schema || {});

function typeOf(schema) {
  if (!schema) return "";
  if (schema.$ref) return nameOf(schema.$ref);
  const base = Array.isArray(schema.type) ? schema.type.join(" | ") : schema.type || "any";
  if (schema.items) return typeOf(schema.items) + "[]";
  if (schema.type === "object" && typeof schema.additionalProperties === "object") return "{ … : " + typeOf(schema.additionalProperties) + " }";
  return schema.format ? base + " (" + schema.format + ")" : base;
}

function limits(schema) {
  const out = [];
  if (schema.description) out.push(schema.description);
  if (schema.enum) out.push(schema.enum.join(" · "));
  if (schema.minimum !== undefined) out.push("≥ " + schema.minimum);
  if (schema.maximum !== undefined) out.push("≤ " + schema.maximum);
  if (schema.minLength !== undefined) out.push("length ≥ " + schema.minLength);
  if (schema.maxLength !== undefined) out.push("length ≤ " + schema.maxLength);
  if (schema.pattern) out.push(schema.patternDescription || schema.pattern);
  if (schema.default !== undefined) out.push("= " + JSON.stringify(schema.default));
  return out.join("; ");
}

function table(heads, rows) {
  return el("div", { class: "scroll", tabindex: "0" }, el("table", {},
    el("thead", {}, el("tr", {}, ...heads.map((h) => el("th", { scope: "col" }, h)))),
    el("tbody", {}, ...rows.map((cells) => el("tr", {}, ...cells.map((c) => el("td", {}, c)))))));
}

// Properties of an object, nested ones folded; a type that contains itself is not opened twice.
function properties(schema, seen) {
  const ref = schema && schema.$ref ? nameOf(schema.$ref) : "";
  const own = resolve(schema);
  if (own.items) return properties(own.items, seen);
  if (!own.properties || seen.includes(ref)) return null;
  const trail = ref ? [...seen, ref] : seen;
  const rows = Object.entries(own.properties).map(([name, property]) => {
    const notes = el("div", {}, limits({ ...resolve(property), ...property, ...(property.items ? { description: property.description } : {}) }));
    const inner = properties(property, trail);
    if (inner) notes.append(el("details", {}, el("summary", {}, typeOf(property)), inner));
    const required = (own.required || []).includes(name) ? " *" : "";
    return [el("code", {}, name + required), typeOf(property), notes];
  });
  return rows.length ? table([t("name") + " (* " + t("required") + ")", t("type"), t("about")], rows) : null;
}

function content(media) {
  return Object.entries(media || {}).map(([type, m]) =>
    el("div", {}, el("p", {}, el("code", {}, type), " ", typeOf(m.schema)), properties(m.schema, [])));
}

function answers(responses) {
  return Object.entries(responses || {}).sort(([a], [b]) => a.localeCompare(b)).map(([status, response]) => {
    const problem = response.content && response.content["application/problem+json"];
    const line = status + " " + (response.description || "");
    return problem || !response.content ? el("p", {}, line) : el("details", {}, el("summary", {}, line), ...content(response.content));
  });
}

function summaryOf(operation) {
  return (lang === "en" && operation["x-summary-en"]) || operation.summary || operation.operationId;
}

function article(path, method, operation) {
  const node = el("article", { id: operation.operationId },
    el("h3", {}, summaryOf(operation)),
    el("div", { class: "address" }, el("span", { class: "method" }, method.toUpperCase()), path),
    el("ul", { class: "roles", "aria-label": t("who") }, ...(operation["x-roles"] || []).map((r) => el("li", {}, t(r)))));
  if (operation.description) node.append(el("p", { class: "about" }, operation.description));
  if (operation.parameters) {
    node.append(el("h4", {}, t("parameters")), table([t("name"), t("in"), t("type"), t("about")], operation.parameters.map((p) =>
      [el("code", {}, p.name + (p.required ? " *" : "")), p.in, typeOf(p.schema), limits({ ...p.schema, description: p.description })])));
  }
  if (operation.requestBody) node.append(el("h4", {}, t("body")), ...content(operation.requestBody.content));
  node.append(el("h4", {}, t("answers")), ...answers(operation.responses));
  return node;
}

function groups() {
  const byTag = new Map();
  for (const [path, item] of Object.entries(doc.paths || {})) {
    for (const method of methods) {
      if (!item[method]) continue;
      const tag = (item[method].tags || [])[0] || "";
      if (!byTag.has(tag)) byTag.set(tag, []);
      byTag.get(tag).push([path, method, item[method]]);
    }
  }
  return [...byTag].sort(([a], [b]) => (a === "") - (b === "") || a.localeCompare(b));
}

function draw() {
  document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  document.getElementById("language").textContent = t("toggle");
  for (const node of document.querySelectorAll("[data-zh]")) node.textContent = node.dataset[lang];
  if (!doc) return;
  const wanted = document.getElementById("find").value.trim().toLowerCase();
  document.getElementById("title").textContent = doc.info.title;
  document.getElementById("version").textContent = "OpenAPI " + doc.openapi + " · " + doc.info.version;
  const contents = document.getElementById("contents");
  const main = document.getElementById("operations");
  contents.replaceChildren();
  main.replaceChildren(el("p", { class: "about" }, doc.info.description || ""));
  for (const [tag, all] of groups()) {
    const shown = all.filter(([path, method, o]) => (method + " " + path + " " + o.summary + " " + (o["x-summary-en"] || "")).toLowerCase().includes(wanted));
    if (!shown.length) continue;
    contents.append(el("h2", {}, tag || t("other")), el("ul", {}, ...shown.map(([, , o]) => el("li", {}, el("a", { href: "#" + o.operationId }, summaryOf(o))))));
    main.append(el("h2", {}, tag || t("other")), ...shown.map((one) => article(...one)));
  }
}

document.getElementById("language").addEventListener("click", () => { lang = lang === "zh" ? "en" : "zh"; draw(); });
document.getElementById("find").addEventListener("input", draw);
draw();
fetch("/openapi.json").then((answer) => answer.json()).then((json) => {
  doc = json;
  draw();
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target) target.scrollIntoView();
}).catch(() => { document.getElementById("operations").replaceChildren(el("p", { role: "alert" }, t("failed"))); });
