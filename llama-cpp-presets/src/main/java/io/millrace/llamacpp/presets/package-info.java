/**
 * The preset from which JavaCPP generates {@code io.millrace.llamacpp}.
 * Used at build time, and at run time by JavaCPP's loader.
 * Nothing else may use it.
 */
package io.millrace.llamacpp.presets;
