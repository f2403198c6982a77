/** Rings of the coastlines, made when the page is bundled: lon, lat, lon, lat … in tenths of degrees, as differences. */
declare const COASTLINES: readonly (readonly number[])[];
