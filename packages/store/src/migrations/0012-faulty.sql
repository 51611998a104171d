-- Records of the source whose rows did not read as records when they were compared: each comparison looks at them again.
create index compared_faulty on compared (flow, side, id) where state = 'faulty';
