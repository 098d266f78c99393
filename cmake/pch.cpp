// SPDX-License-Identifier: Apache-2.0
// Only carries the precompiled header (pch.h) for the other targets.
