// SPDX-License-Identifier: Apache-2.0
// Compiles once what the precompiled header only declares.
#define CONNECTOR_PCH_HERE
#include "cmake/pch.h"
