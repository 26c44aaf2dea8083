// The desk's script: htmx for fragments, a few keys, nothing that a page needs to be read.
import "./fragments.ts";
import "./keys.ts";
import "./station.ts";
import "./viewer.ts";
import "./copying.ts";
import "./signoff.ts";
