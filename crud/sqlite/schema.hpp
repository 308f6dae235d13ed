#pragma once

namespace ocpi::crud::sqlite {

/// The statements that make the tables of an empty file.
extern const char* const schema;

}  // namespace ocpi::crud::sqlite
