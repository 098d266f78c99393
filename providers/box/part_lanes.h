// SPDX-License-Identifier: Apache-2.0
// The lanes on which Box' parts travel.
#pragma once

#include "providers/box/box_upload_codec.h"
#include "providers/part_lanes.h"

namespace connector::box {

using connector::PartBuffer;
using PartLanes = connector::PartLanes<Part>;

} // namespace connector::box
