-- Whether two vehicles share a VIN is asked for every vehicle that an import brings.
create index vehicle_of_vin on vehicle (vin);
