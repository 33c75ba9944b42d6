// Its JSON is part of this module's API.
@_exported package import JSON
