// SPDX-License-Identifier: Apache-2.0
// What a PDF must know of a picture file to take it over without decoding it.
#pragma once

#include "core/bytes.h"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace connector {

struct Picture {
    enum class Kind { Jpeg, Png } kind = Kind::Jpeg;
    int width = 0;
    int height = 0;
    int channels = 0; // 1 or 3 (JPEG also 4)
    int bits = 8;     // per sample
    // The pieces of the file that are the encoded picture: all of a JPEG; the IDAT chunks' contents of a PNG.
    struct Piece {
        std::int64_t offset = 0;
        std::int64_t length = 0;
    };
    std::vector<Piece> pieces;
    std::int64_t bytes() const;
};

// DataLoss "page-damaged" for what is not a whole JPEG or PNG; Unsupported for a kind that cannot be taken over.
Result<Picture> inspectPicture(ByteSource &file);

} // namespace connector
