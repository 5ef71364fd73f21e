// The clinician's console begins here.
export {};
