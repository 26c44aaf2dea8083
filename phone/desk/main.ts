// The desk's script: htmx for fragments, a few keys, nothing that a page needs to be read.
import htmx from "htmx.org";
import "./keys.ts";
import "./station.ts";

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false; // our policy allows no inline styles
htmx.config.defaultSwapStyle = "outerHTML";
