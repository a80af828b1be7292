"""How the pages look. Colours follow the theme: `light-dark()` and mixes with the text's colour.

Only our own classes (`pp-…`) and container keys (`st-key-…`) carry the design; a few test ids of
Streamlit place the pane beside the chat, and without them the page is plainer but works.
"""

from __future__ import annotations

STYLE = """
<style>
:root {
  --pp-serif: "Source Serif", "Source Serif 4", Charter, Georgia, "Times New Roman", serif;
}
.stApp {
  --pp-quiet: light-dark(#6a6d70, #9ba0a6);
  --pp-line: light-dark(#e3ddd0, #31373f);
  --pp-paper: light-dark(#ffffff, #191d22);
  --pp-accent: light-dark(#1d5a7a, #8cc0de);
  --pp-wash: light-dark(#eef4f7, #1b2831);
  --pp-mark: light-dark(#ffe7a0, #66521b);
  --pp-member: light-dark(#1d5a7a, #8cc0de);
  --pp-delegation: light-dark(#7a4a1d, #dcae7e);
  --pp-chair: light-dark(#4c5a2a, #b7c78c);
  --pp-other: light-dark(#5b4a70, #bda9d8);
}

/* The frame */
[data-testid="stMainBlockContainer"] { padding: 4.25rem 2.5rem 2rem; max-width: 92rem; }
[data-testid="stBottomBlockContainer"] { padding: .25rem 2.5rem 1.25rem; max-width: 92rem; }
[data-testid="stSidebarUserContent"] { padding-bottom: 2rem; }
.pp-brand { font-family: var(--pp-serif); font-size: 1.7rem; font-weight: 600; line-height: 1.2; }
.pp-brand::after { content: ""; display: inline-block; width: .42em; height: .42em;
  margin-left: .12em; border-radius: 50%; background: light-dark(#e0a92b, #ffd56b); }
.pp-quiet { color: var(--pp-quiet); font-size: .84rem; line-height: 1.45; }
.pp-tag { display: inline-block; font-family: "Source Sans", system-ui, sans-serif;
  font-size: .72rem; line-height: 1.3; color: var(--pp-quiet); border: 1px solid var(--pp-line);
  border-radius: .25rem; padding: 0 .3rem; overflow-wrap: anywhere; }
.pp-symbol { font-weight: 600; font-size: .92rem; letter-spacing: .01em; overflow-wrap: anywhere; }
.pp-contents, .pp-rejected, .pp-notes { list-style: none; margin: 0; padding: 0 !important; }
.pp-contents li { padding: .3rem 0; border-top: 1px solid var(--pp-line); margin: 0 !important; }
.pp-contents li:first-child { border-top: 0; }
.pp-notes li, .pp-rejected li { margin: 0 0 .7rem !important; }
[data-testid="stSidebar"] [data-testid="stExpander"] details { border: 0; background: none; }
[data-testid="stSidebar"] [data-testid="stExpander"] summary { padding: .1rem 0; }
[data-testid="stSidebar"] [data-testid="stExpanderDetails"] { padding: .5rem 0 0; }
.pp-answerer { font-size: .9rem; border-top: 1px solid var(--pp-line); padding-top: .8rem; }

/* White on the light blue of the dark theme is too faint to read. */
button[kind^="primary"]:enabled, button[kind^="primary"]:enabled p { color: light-dark(#ffffff, #14171b); }

/* The conversation */
.pp-welcome { max-width: 36rem; padding: 1.5rem 0 .5rem; }
.pp-welcome h1 { font-family: var(--pp-serif); font-size: clamp(1.9rem, 3.4vw, 2.7rem);
  font-weight: 600; line-height: 1.12; letter-spacing: -.01em; padding: 0 0 .8rem; }
.pp-welcome p { font-size: 1.05rem; line-height: 1.55; margin: 0; color: var(--pp-quiet); }
.pp-small { padding-top: 0; }
.pp-small h1 { font-size: 1.7rem; padding-bottom: .5rem; }
.pp-question { font-size: 1.06rem; font-weight: 600; line-height: 1.5; overflow-wrap: anywhere;
  scroll-margin-top: 5rem; }
.pp-claim { display: flex; gap: .7rem; }
.pp-number { flex: none; width: 1.45rem; height: 1.45rem; margin-top: .12rem; border-radius: 50%;
  background: var(--pp-wash); color: var(--pp-accent); font-size: .78rem; font-weight: 600;
  display: grid; place-items: center; }
.pp-said { font-size: 1rem; line-height: 1.55; min-width: 0; overflow-wrap: anywhere; }
.pp-statement { margin-bottom: .3rem; }
.pp-quote { font-family: var(--pp-serif); font-size: 1.06rem; line-height: 1.6; }
.pp-who { font-weight: 600; }
.pp-country { font-weight: 400; }
.pp-member { color: var(--pp-member); }
.pp-delegation { color: var(--pp-delegation); }
.pp-chair { color: var(--pp-chair); }
.pp-secretariat, .pp-observer { color: var(--pp-other); }
/* The cited paragraph, while a pointer or the keyboard is on its citation */
.st-key-claims, [class*="st-key-claim-"] { position: relative; }
[class*="st-key-claim-"] > :has(> .stHtml > .pp-card), .stElementContainer:has(.pp-card),
.stElementContainer:has(.pp-card-none) { position: static; height: 0; }
.pp-card { display: none; position: absolute; left: 2.15rem; right: 0; top: 100%; z-index: 20;
  max-height: 19rem; overflow: hidden; padding: .8rem 1rem 1rem; background: var(--pp-paper);
  border: 1px solid var(--pp-line); border-radius: .5rem; pointer-events: none;
  box-shadow: 0 10px 34px rgb(0 0 0 / .2); }
.pp-card .pp-floor { padding: 0 0 .15rem; }
.pp-card .pp-snippet { color: inherit; }
.pp-card mark { background: var(--pp-mark); color: inherit; }
[class*="st-key-claim-"]:has([class*="st-key-cite-"] button:is(:hover, :focus-visible)) .pp-card,
[class*="st-key-claim-"]:has(.pp-number:hover) .pp-card { display: block; }
.pp-silence { border-left: 3px solid light-dark(#c9a24a, #a58437); padding: .1rem 0 .1rem .9rem; }
.pp-silence-head { font-family: var(--pp-serif); font-size: 1.2rem; font-weight: 600; }
.pp-snippet { font-family: var(--pp-serif); font-size: .95rem; line-height: 1.5;
  color: var(--pp-quiet); overflow-wrap: anywhere; }
.pp-foot { padding-top: .2rem; }
.pp-coming > .pp-quiet { padding-bottom: .6rem; }
.pp-coming-cite { color: var(--pp-accent); font-weight: 600; font-size: .9rem;
  padding: .1rem 0 .6rem 2.15rem; }
[class*="st-key-claim-"] { padding-bottom: .35rem; }
[class*="st-key-claim-"] [data-testid="stHorizontalBlock"],
[class*="st-key-claim-"] .stHorizontalBlock { padding-left: 2.15rem; row-gap: 0; }
[class*="st-key-cite-"] button, [class*="st-key-near-button-"] button,
[class*="st-key-found-open-"] button, [class*="st-key-finding-open-"] button { color: var(--pp-accent); padding: .1rem 0; min-height: 0; }
[class*="st-key-cite-"] button p, [class*="st-key-near-button-"] button p,
[class*="st-key-found-open-"] button p, [class*="st-key-finding-open-"] button p { font-weight: 600; font-size: .9rem; text-align: left;
  text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: .2em; }
[class*="st-key-suggestion-"] button { justify-content: flex-start; text-align: left;
  border-color: var(--pp-line); background: transparent; }
[data-testid="stChatMessage"] { background: transparent; padding: .25rem 0; gap: .75rem; }
[data-testid="stChatMessageAvatarCustom"], [data-testid="stChatMessage"] > div:first-child {
  background: transparent; border: 0; color: var(--pp-quiet); }

/* The record: numbers hang in the margin */
.pp-record, .pp-event { font-family: var(--pp-serif); }
.pp-heading { font-family: var(--pp-serif); font-size: 1rem !important; font-weight: 600;
  line-height: 1.35; padding: .9rem 0 .35rem 3.4rem; margin: 0; }
.pp-floor { font-family: "Source Sans", system-ui, sans-serif; font-size: .86rem;
  padding: .55rem 0 .05rem 3.4rem; }
.pp-para { display: grid; grid-template-columns: 2.6rem minmax(0, 1fr); column-gap: .8rem;
  padding: .4rem .6rem .4rem 0; line-height: 1.6; font-size: 1.02rem; border-radius: .3rem;
  border-left: 3px solid transparent; }
.pp-label { text-align: right; color: var(--pp-quiet); font-variant-numeric: tabular-nums;
  font-size: .92rem; line-height: 1.75; overflow-wrap: anywhere; }
.pp-text { min-width: 0; overflow-wrap: anywhere; unicode-bidi: isolate; }
.pp-section { font-family: var(--pp-serif); font-size: 1.25rem !important; font-weight: 600;
  padding: 1.4rem 0 .2rem 3.4rem !important; margin: 0; border-top: 1px solid var(--pp-line); }
.pp-section::first-letter { text-transform: uppercase; }
.pp-page { color: var(--pp-quiet); font-size: .78rem; text-align: right; padding: .3rem .6rem 0 0;
  font-family: "Source Sans", system-ui, sans-serif; }
.pp-voice { padding-bottom: .35rem; }
.pp-voice .pp-floor { padding: .15rem 0 0; line-height: 1.6; }
.pp-doubt { border-color: light-dark(#c9a24a, #a58437); color: inherit; }
.pp-outline { list-style: none; margin: 0 0 .6rem !important; padding: 0 !important; }
.pp-outline li { display: grid; grid-template-columns: 2.6rem minmax(0, 1fr); column-gap: .8rem;
  margin: 0 !important; padding: .15rem 0; line-height: 1.45; overflow-wrap: anywhere; }
.pp-footnotes .pp-label { display: inline-block; min-width: 2rem; padding-right: .4rem; }
.pp-here { border-left-color: light-dark(#e0a92b, #cfa94a); }
.pp-cited { background: var(--pp-wash); border-left-color: var(--pp-accent); }
.pp-record mark { background: var(--pp-mark); color: inherit; padding: .08em 0;
  border-radius: .12em; box-decoration-break: clone; -webkit-box-decoration-break: clone; }
.pp-event { text-align: center; font-style: italic; color: var(--pp-quiet); margin: .8rem 0; }
.pp-head .pp-title { font-family: var(--pp-serif); font-size: 1.12rem; font-weight: 600;
  line-height: 1.3; padding: .1rem 0 .2rem; overflow-wrap: anywhere; }
.pp-head .pp-symbol { color: var(--pp-accent); }
.pp-facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr));
  gap: .6rem 1.2rem; margin: .6rem 0 0; padding: 0 !important; }
.pp-facts dt { color: var(--pp-quiet); font-size: .78rem; font-weight: 400; }
.pp-facts dd { margin: 0; font-size: .95rem; overflow-wrap: anywhere; }
.pp-unseen { position: absolute; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); white-space: nowrap; }
.pp-links { display: flex; flex-wrap: wrap; gap: .15rem 1.1rem; padding: .3rem 0 .1rem;
  font-size: .86rem; }
.stHtml a { color: var(--pp-accent); text-underline-offset: .2em;
  text-decoration-thickness: 1px; }
.stHtml a:focus-visible, .stHtml button:focus-visible, .pp-scroll:focus-visible,
.pp-details summary:focus-visible { outline: 2px solid var(--pp-accent); outline-offset: 2px;
  border-radius: .2rem; }
.pp-note { margin: .1rem .6rem .5rem 3.4rem; padding: .3rem .7rem; font-size: .86rem;
  line-height: 1.45; color: var(--pp-quiet); border-left: 3px solid
  light-dark(#c9a24a, #a58437); font-family: "Source Sans", system-ui, sans-serif; }

/* Buttons that copy: above a paragraph's corner, for a pointer on it or the focus within */
.pp-para { position: relative; scroll-margin-top: 10.5rem; }
.pp-tools { position: absolute; top: -.75rem; right: .2rem; display: flex; gap: .25rem;
  font-family: "Source Sans", system-ui, sans-serif; opacity: 0; user-select: none; }
.pp-para:hover > .pp-tools, .pp-tools:focus-within { opacity: 1; }
.pp-copy { font: inherit; font-size: .76rem; line-height: 1.3; padding: .15rem .5rem;
  color: var(--pp-accent); background: var(--pp-paper); border: 1px solid var(--pp-line);
  border-radius: .25rem; cursor: pointer; }
.pp-copy::after { content: "Copy citation"; }
.pp-copy-link::after { content: "Copy link"; }
.pp-copied::after { content: "Copied"; }

/* Read: the outline stands beside the record, the bar above it */
.pp-toc { font-size: .88rem; }
.pp-toc ul { margin: 0 0 .8rem !important; }
.pp-toc .pp-label { font-size: .8rem; line-height: 1.75; }
.pp-toc .pp-outline li { grid-template-columns: 2.2rem minmax(0, 1fr); column-gap: .5rem; }
.pp-toc .pp-outline a { color: inherit; text-decoration: none; }
.pp-toc .pp-outline a:hover, .pp-toc .pp-outline a:focus-visible { text-decoration: underline; }
.pp-range { font-size: .82rem !important; font-weight: 600; padding: .2rem 0 .3rem !important;
  margin: 0; }
.pp-legend { display: flex; flex-wrap: wrap; gap: .1rem 1rem; font-size: .8rem;
  padding: .2rem 0 .3rem 3.4rem; }
.pp-dot { display: inline-block; width: .55em; height: .55em; border-radius: 50%;
  background: currentColor; }
.st-key-reading :has(> .st-key-reading-bar) { position: sticky; top: 3.75rem; z-index: 5; }
.st-key-reading-bar { background: light-dark(#fdfcf9, #14171b); padding: .5rem 0;
  border-bottom: 1px solid var(--pp-line); }
.st-key-reading-bar .stTextInput { min-width: 11rem; }
.stColumn:has(.st-key-reading-outline) { align-self: flex-start; position: sticky; top: 4.25rem;
  max-height: calc(100dvh - 6rem); overflow-y: auto; }

/* Library */
.st-key-library { max-width: 72rem; }
.pp-scroll { overflow-x: auto; }
.pp-table { border-collapse: collapse; width: 100%; font-size: .9rem; line-height: 1.4; }
.pp-table caption { text-align: left; font-family: var(--pp-serif); font-weight: 600;
  font-size: 1.1rem; padding: .8rem 0 .3rem; color: inherit; }
.pp-table th, .pp-table td { text-align: left; vertical-align: top; padding: .45rem .7rem .45rem 0;
  border: 0; border-bottom: 1px solid var(--pp-line); font-weight: 400; }
.pp-table thead th { color: var(--pp-quiet); font-size: .8rem; white-space: nowrap; }
.pp-table .pp-symbol { font-weight: 600; white-space: nowrap; }
.pp-table .pp-count { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.pp-shares th[scope="row"] { white-space: nowrap; width: 1%; }
.pp-bar { min-width: 8rem; width: 60%; }
.pp-meter { display: block; height: .6rem; margin-top: .32rem; border-radius: .2rem;
  background: var(--pp-wash); }
.pp-fill { display: block; height: 100%; min-width: 2px; border-radius: .2rem;
  background: var(--pp-other); }
.pp-fill-plain, .pp-fill-member { background: var(--pp-member); }
.pp-fill-delegation { background: var(--pp-delegation); }
.pp-fill-chair { background: var(--pp-chair); }
.pp-year { font-family: var(--pp-serif); font-size: 1.2rem !important; font-weight: 600;
  padding: .9rem 0 .2rem !important; }
.pp-timeline { list-style: none; margin: 0 0 0 .3rem !important; padding: 0 !important;
  border-left: 2px solid var(--pp-line); font-family: "Source Sans", system-ui, sans-serif; }
.pp-timeline li { position: relative; display: grid; gap: .1rem 1rem; margin: 0 !important;
  grid-template-columns: 6.5rem minmax(0, 1fr); padding: .4rem 0 .4rem 1.1rem; }
.pp-timeline li::before { content: ""; position: absolute; left: -.36rem; top: .85rem;
  width: .6rem; height: .6rem; border-radius: 50%; background: var(--pp-accent); }
.pp-when { color: var(--pp-quiet); font-variant-numeric: tabular-nums; }
.pp-what { overflow-wrap: anywhere; }
.pp-timeline .pp-meter { max-width: 24rem; height: .35rem; }
.pp-results { list-style: none; margin: 0 !important; padding: 0 !important; }
.pp-results li { margin: 0 !important; padding: .4rem .8rem; border-left: 3px solid
  var(--pp-accent); background: var(--pp-wash); overflow-wrap: anywhere; }
.pp-results .pp-result-failed { border-left-color: light-dark(#b3261e, #f2a09a);
  background: light-dark(#fbeeec, #2c1b1a); }
.pp-results .pp-tag { color: inherit; border-color: currentColor; }
.pp-details { border-bottom: 1px solid var(--pp-line); padding: .5rem 0; }
.pp-details summary { cursor: pointer; }
.pp-details .pp-notes { padding: .5rem 0 0 1.1rem !important; }
.pp-exchange { border-top: 1px solid var(--pp-line); padding: .8rem 0; }
.pp-exchange .pp-text { font-family: var(--pp-serif); padding: .2rem 0; }
.pp-exchange ul { margin: .2rem 0 0; }
.pp-printed { font-family: var(--pp-serif); font-size: 1.05rem; font-weight: 600;
  border-top: 1px solid var(--pp-line); padding-top: .9rem; overflow-wrap: anywhere; }
.st-key-reading { max-width: 76rem; }

/* A draft and its verdicts */
.pp-checked { font-family: var(--pp-serif); font-size: 1.3rem !important; font-weight: 600;
  padding: .4rem 0 .2rem !important; overflow-wrap: anywhere; }
.pp-verdicts { list-style: none; display: flex; flex-wrap: wrap; gap: .35rem .5rem;
  margin: .4rem 0 0 !important; padding: 0 !important; }
.pp-verdicts li { margin: 0 !important; }
.pp-pass, .pp-read, .pp-fail { display: inline-block; font-size: .84rem; line-height: 1.35; font-weight: 600;
  padding: .1rem .45rem; border-radius: .25rem; }
.pp-pass { background: light-dark(#e4f2e3, #1b2f22); color: light-dark(#1f5130, #a9d7b3); }
.pp-read { background: light-dark(#fdf0cf, #3a2f12); color: light-dark(#6b4a00, #f0d48a); }
.pp-fail { background: light-dark(#fbe7e4, #3a1f1d); color: light-dark(#8a1f17, #f5b3ab); }
[class*="st-key-finding-"]:has(.pp-finding) { border-top: 1px solid var(--pp-line);
  padding: .8rem 0 .7rem; }
.pp-finding { display: grid; grid-template-columns: 9.5rem minmax(0, 1fr); column-gap: 1rem; }
.pp-verdict .pp-quiet { padding-top: .25rem; }
.pp-drafted { font-family: var(--pp-serif); font-size: 1.02rem; line-height: 1.55;
  overflow-wrap: anywhere; white-space: pre-line; }
.pp-why { font-size: .9rem; line-height: 1.45; padding-top: .25rem; overflow-wrap: anywhere; }
.pp-difference { font-family: var(--pp-serif); line-height: 1.6; overflow-wrap: anywhere; }
.pp-finding .pp-difference { border-left: 3px solid var(--pp-line); margin-top: .35rem;
  padding: .1rem 0 .1rem .8rem; }
.pp-difference del, .pp-difference ins { padding: .05em .15em; border-radius: .15em; }
.pp-difference del { text-decoration: line-through; color: light-dark(#8a1f17, #f5b3ab);
  background: light-dark(#fbe7e4, #3a1f1d); }
.pp-difference ins { text-decoration: underline; text-underline-offset: .15em;
  color: light-dark(#1f5130, #a9d7b3); background: light-dark(#e4f2e3, #1b2f22); }
[class*="st-key-finding-open-"] { padding-left: 10.5rem; }
[class*="st-key-check-take-"] button { color: var(--pp-accent); padding: .1rem 0; min-height: 0; }

/* The reading pane stays in view while the conversation scrolls */
.stColumn:has(.st-key-pane), .stColumn:has(.st-key-pane-closed) { align-self: flex-start;
  position: sticky; top: 4.25rem; }
.st-key-pane { background: var(--pp-paper); border: 1px solid var(--pp-line); gap: 0;
  border-radius: .5rem; max-height: calc(100dvh - 12.5rem); overflow: hidden; display: flex; }
.st-key-pane-head { padding: .9rem 1rem .7rem 1.2rem; border-bottom: 1px solid var(--pp-line);
  flex: none; flex-wrap: nowrap !important; }
.st-key-pane-head > :first-child { flex: 1 1 auto; min-width: 0; }
.st-key-pane > :has(> .st-key-pane-body) { flex: 1 1 auto; min-height: 0; overflow-y: auto;
  overscroll-behavior: contain; }
.st-key-pane > :not(:has(> .st-key-pane-body)) { flex: none; }
.st-key-pane-body { padding: .6rem .9rem .8rem .5rem; }
.st-key-pane-foot { padding: .6rem 1rem; border-top: 1px solid var(--pp-line); flex: none; }
.st-key-pane-close button { color: var(--pp-quiet); padding: 0; min-height: 0; }
.st-key-pane-close button p { font-size: 0; } /* the name is for screen readers */
.pp-hint { border: 1px dashed var(--pp-line); border-radius: .5rem; color: var(--pp-quiet);
  padding: 3.5rem 2rem; text-align: center; line-height: 1.5; }
.pp-pin { width: .7rem; height: .7rem; border-radius: 50%; margin: 0 auto .9rem;
  background: light-dark(#e0a92b, #ffd56b); opacity: .8; }

@media (min-width: 901px) {
  /* The question is typed under the conversation, not under the pane. */
  [data-testid="stBottomBlockContainer"] > div { max-width: calc(56% - 1rem); }
}
@media (min-width: 901px) and (max-width: 1200px) {
  [data-testid="stMainBlockContainer"], [data-testid="stBottomBlockContainer"] {
    padding-left: 1.25rem; padding-right: 1.25rem; }
  .stHorizontalBlock:has(> .stColumn .st-key-pane) { gap: 1.25rem; }
  .st-key-pane-head { padding: .7rem .6rem .5rem .9rem; }
  .st-key-pane-head .pp-quiet, .st-key-pane-foot .pp-quiet { display: none; }
  .st-key-pane-body { padding: .4rem .4rem .6rem .2rem; }
  .st-key-pane .pp-para { grid-template-columns: 1.9rem minmax(0, 1fr); column-gap: .5rem;
    font-size: .96rem; }
  .st-key-pane .pp-heading, .st-key-pane .pp-floor { padding-left: 2.6rem; }
}
@media (max-width: 900px) {
  [data-testid="stMainBlockContainer"] { padding: 4rem 1rem 1rem; }
  [data-testid="stBottomBlockContainer"] { padding: .25rem 1rem .75rem; }
  .stHorizontalBlock:has(> .stColumn .st-key-pane),
  .stHorizontalBlock:has(> .stColumn .st-key-pane-closed) { flex-direction: column; }
  .stHorizontalBlock:has(> .stColumn .st-key-pane) > .stColumn,
  .stHorizontalBlock:has(> .stColumn .st-key-pane-closed) > .stColumn { width: 100%;
    min-width: 100%; flex: 1 1 auto; }
  .stColumn:has(.st-key-pane-closed) { display: none; }
  /* On a phone the pane is a sheet over the lower part of the screen. */
  .stColumn:has(.st-key-pane) { position: static; }
  .st-key-pane { position: fixed; left: 0; right: 0; bottom: 0; z-index: 1000;
    max-height: 72dvh; width: auto; border-radius: .9rem .9rem 0 0; border-width: 1px 0 0;
    box-shadow: 0 -10px 40px rgb(0 0 0 / .22); }
  .pp-heading, .pp-floor { padding-left: 2.9rem; }
  .pp-legend, .pp-note { padding-left: 2.9rem; }
  .st-key-reading-bar { flex-wrap: nowrap; gap: .4rem; }
  .st-key-reading-bar .stTextInput { min-width: 7rem; }
  .st-key-reading-bar button { padding: 0 .6rem; }
  .st-key-reading-bar button p { font-size: 0; } /* the names are for screen readers */
  .pp-note { margin-left: 0; }
  .stHorizontalBlock:has(> .stColumn .st-key-reading-outline) { flex-direction: column; }
  .stHorizontalBlock:has(> .stColumn .st-key-reading-outline) > .stColumn { width: 100%;
    min-width: 100%; flex: 1 1 auto; }
  .stColumn:has(.st-key-reading-outline) { position: static; max-height: 11rem;
    border-bottom: 1px solid var(--pp-line); }
  .pp-para { grid-template-columns: 2.2rem minmax(0, 1fr); column-gap: .6rem; }
  .pp-finding { grid-template-columns: minmax(0, 1fr); row-gap: .35rem; }
  .pp-verdict { display: flex; flex-wrap: wrap; gap: 0 .6rem; align-items: baseline; }
  [class*="st-key-finding-open-"] { padding-left: 0; }
}
@media (hover: none), (max-width: 900px) {
  /* No pointer to show them: the buttons stand below their paragraph. */
  .pp-tools { position: static; grid-column: 2; opacity: 1; padding-top: .25rem; }
}
@media (prefers-reduced-motion: reduce) { * { scroll-behavior: auto !important; } }
</style>
"""
